"""Cells of the list of appointments: written without templates, since a page has a hundred of them."""

from collections.abc import Sequence
from uuid import UUID

from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from apps.booking.domain.lifecycle import AppointmentStatus
from apps.booking.presentation.admin.appointment_commands import Command
from apps.booking.presentation.admin.appointment_wording import STATUS_ICONS, STATUS_NAMES

_ICON = '<span class="material-symbols-outlined" aria-hidden="true">{}</span>'


def link(url: str, text: str) -> SafeString:
    return format_html('<a class="ws-cell-link" href="{}">{}</a>', url, text)


def with_icon(icon: str, text: str | Promise) -> SafeString:
    return format_html('<span class="ws-icon-text">' + _ICON + "{}</span>", icon, text)


def badge(status: AppointmentStatus) -> SafeString:
    """The status in its colour, with its icon."""
    return format_html(
        '<span class="ws-status ws-status-{}">' + _ICON + "{}</span>",
        status.value,
        STATUS_ICONS[status],
        STATUS_NAMES[status],
    )


def menu(appointment_id: UUID, offered: Sequence[Command]) -> SafeString:
    """A button that opens the commands of a row; nothing where there are none."""
    if not offered:
        return SafeString("")
    name = gettext("Actions")
    links = format_html_join(
        "",
        '<a href="{0}" hx-get="{0}" hx-target="#modal-content" hx-select="#dialog"'
        ' x-on:htmx:after-on-load="openModal = true; open = false">' + _ICON.replace("{}", "{1}") + "{2}</a>",
        ((each.url(appointment_id), each.icon, each.title) for each in offered),
    )
    return format_html(
        '<div class="ws-row-menu" x-data="{{ open: false }}" x-on:keydown.escape="open = false">'
        '<button type="button" class="ws-icon-button" x-ref="menu{0}" x-on:click="open = !open"'
        ' x-bind:aria-expanded="open" aria-haspopup="true" aria-label="{1}">'
        '<span class="material-symbols-outlined" aria-hidden="true">more_horiz</span></button>'
        '<template x-teleport="body"><nav class="ws-menu" aria-label="{1}"'
        ' x-anchor.bottom-end.offset.4="$refs.menu{0}" x-cloak x-show="open" x-transition'
        ' x-on:click.outside="open = false"'
        ' x-on:keydown.escape="open = false; $refs.menu{0}.focus()">{2}</nav></template></div>',
        appointment_id.hex,
        name,
        links,
    )
