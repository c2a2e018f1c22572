// Passkeys (WebAuthn) and printing on the pages of the second factor; works in dialogs that come later, too.
(() => {
  const fromBase64url = (text) => {
    const base64 = text.replace(/-/g, "+").replace(/_/g, "/");
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  };
  const toBase64url = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer)))
      .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const listed = (credentials) =>
    (credentials || []).map((each) => ({ ...each, id: fromBase64url(each.id) }));

  async function asked(kind, options) {
    const publicKey = { ...options.publicKey, challenge: fromBase64url(options.publicKey.challenge) };
    if (kind === "create") {
      publicKey.user = { ...publicKey.user, id: fromBase64url(publicKey.user.id) };
      publicKey.excludeCredentials = listed(publicKey.excludeCredentials);
      return navigator.credentials.create({ publicKey });
    }
    publicKey.allowCredentials = listed(publicKey.allowCredentials);
    return navigator.credentials.get({ publicKey });
  }

  function plain(credential) {
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[name]) response[name] = toBase64url(credential.response[name]);
    }
    if (credential.response.getTransports) response.transports = credential.response.getTransports();
    return {
      id: credential.id,
      rawId: toBase64url(credential.rawId),
      type: credential.type,
      authenticatorAttachment: credential.authenticatorAttachment || null,
      clientExtensionResults: credential.getClientExtensionResults(),
      response,
    };
  }

  async function usePasskey(button) {
    const status = button.parentElement.querySelector("[data-passkey-status]");
    const field = document.getElementById(button.dataset.passkeyField);
    if (status) status.textContent = "";
    try {
      const credential = await asked(button.dataset.passkey, JSON.parse(button.dataset.passkeyOptions));
      field.value = JSON.stringify(plain(credential));
      field.form.requestSubmit();
    } catch (error) {
      if (status) status.textContent = button.dataset.passkeyFailed;
    }
  }

  document.addEventListener("click", (event) => {
    const passkey = event.target.closest("[data-passkey]");
    if (passkey) usePasskey(passkey);
    if (event.target.closest("[data-print]")) window.print();
  });
})();
