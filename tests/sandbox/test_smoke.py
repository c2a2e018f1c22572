def test_a_fresh_world_is_empty(sandbox):
    state = sandbox.state()

    assert (state["payments"], state["letters"], state["smtp_up"]) == ([], 0, True)
