"""Pages about oneself: the account, the settings, the password, one's data, and leaving."""

from __future__ import annotations

import datetime as dt
import tempfile
import time
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kartoteka.look import words
from kartoteka.people import actions, days, queries
from kartoteka.people.models import Person
from kartoteka.people.sessions import GUEST
from kartoteka.people.ways import ways_of
from kartoteka.store.refusals import NotThere
from kartoteka.study import actions as study
from kartoteka.study import queries as study_queries
from kartoteka.transfer import actions as transfer
from kartoteka.transfer import archive
from kartoteka.transfer import queries as transfer_queries
from kartoteka.web.context import THEME_COOKIE, THEMES
from kartoteka.web.learner import someone
from kartoteka.web.people import browser, taking
from kartoteka.web.people.entering import BY_LINK
from kartoteka.web.people.forms import READING_SIZES, RETENTIONS, Leaving, NewEmail, NewPassword, Settings
from kartoteka.web.people.leaving import leave
from kartoteka.web.people.limits import not_too_often
from kartoteka.web.people.safe import next_of

YEAR_S = 365 * 86_400
LINK_S = 3600


def now_ms() -> int:
    return time.time_ns() // 1_000_000


@never_cache
@require_safe
def account(request: Any) -> HttpResponse:
    """Everything about oneself on one page; a guest has one too."""
    person = request.learner
    if person is None:
        return redirect("sign_in")
    return render(request, "web/people/account.html", {**_choices(request), **_account(request)})


def _account(request: Any) -> dict[str, Any]:
    person = request.learner
    here = request.session.session_key
    rows = [] if person.is_guest else sorted(queries.browsers(person, timezone.now()), key=lambda row: row.session_key != here)
    return {
        "amounts": taking.amounts(person),
        "mail": bool(settings.ENVIRONMENT["EMAIL_URL"]),
        "email": queries.email_state(person),
        "ways": None if person.is_guest else ways_of(person),
        "browsers": [
            {
                "mark": row.mark,
                "words": browser.words(row.browser),
                "phone": browser.is_phone(row.browser),
                "here": row.session_key == here,
                "seen": row.seen_at,
            }
            for row in rows
        ],
    }


def _choices(request: Any, form: Settings | None = None) -> dict[str, Any]:
    learner = request.learner
    zone = days.zone_of(learner.time_zone if learner else "")
    prices = study_queries.price_of(learner, RETENTIONS, now_ms=now_ms())
    return {
        "form": form,
        "sizes": READING_SIZES,
        "hours": [(hour * 60, f"{hour:02}:00") for hour in range(13)],
        "retentions": [(share, round(share * 100), prices.get(share)) for share in RETENTIONS],
        "languages": [(code, translation.get_language_info(code)["name_local"].capitalize()) for code, _name in settings.LANGUAGES],
        "zone": zone,
        "zones": sorted(days.zones()),
        "as_the_browser": learner is None or not learner.language,
        "day_start_min": learner.day_start_min if learner else 240,
        "minutes_a_day": learner.minutes_a_day if learner else 10,
        "new_a_day": learner.new_a_day if learner else 20,
        "retention": learner.retention if learner else 0.9,
        "days_off": learner.days_off if learner else (),
        "weekdays": [(n, str(name)) for n, name in WEEKDAYS_ABBR.items()],
        "vacations": study_queries.vacations_of(learner, now_ms()),
        "first_day": study_queries.today_date(learner, now_ms()).isoformat(),
    }


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change_settings(request: Any) -> HttpResponse:
    """How one likes to read and study; saving makes a guest where there is nobody yet."""
    if request.method != "POST":
        return render(request, "web/people/settings.html", _choices(request))
    form = Settings(request.POST)
    if not form.is_valid():
        return render(request, "web/people/settings.html", _choices(request, form), status=400)
    before = someone(request)
    chosen = dict(form.cleaned_data)
    days_off = chosen.pop("days_off", before.days_off)
    request.learner = actions.prefer(before, now_ms=now_ms(), **chosen)
    request.learner = study.rest_on(request.learner, days_off, now_ms=now_ms())
    if before.retention != request.learner.retention:
        study.replay(request.learner, now_ms=now_ms())  # what is due when hangs on it
    translation.activate(request.learner.language or translation.get_language_from_request(request))
    messages.success(request, _("Saved."))
    return redirect(next_of(request, "settings"))


@require_POST
def away(request: Any) -> HttpResponse:
    """Notes a vacation, takes one back, or ends the one that has begun."""
    if "end" in request.POST:
        request.learner = study.come_back(someone(request), _date_of(request.POST["end"]), now_ms=now_ms())
        messages.success(request, _("These days are yours again: every card is back on its day, and your minutes decide how many come at once."))
        return redirect(next_of(request, "settings"))
    try:
        first, last = _date_of(request.POST.get("first", "")), _date_of(request.POST.get("last", ""))
        request.learner = study.go_away(someone(request), first, last, now_ms=now_ms())
    except study.NoVacation as refusal:
        said = {"away": request.POST, "wrong_days": str(refusal)}
        return render(request, "web/people/settings.html", {**_choices(request), **said}, status=422)
    messages.success(request, _("Noted. Back on %(day)s.") % {"day": words.day(last + dt.timedelta(days=1))})
    return redirect(next_of(request, "settings"))


def _date_of(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise study.NoVacation(_("Write each day as year, month and day, such as 2027-06-12.")) from error


@require_POST
def set_language(request: Any) -> HttpResponse:
    """Another language for the pages, for whoever is here; without an account by a cookie."""
    code = request.POST.get("language", "")
    response = redirect(next_of(request, "/"))
    if code in dict(settings.LANGUAGES):
        if request.learner:
            actions.prefer(request.learner, now_ms=now_ms(), language=code)
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, code, max_age=YEAR_S, samesite="Lax", httponly=True)
    return response


@require_POST
def set_theme(request: Any) -> HttpResponse:
    """Day, night, or as the device; without an account by a cookie."""
    theme = request.POST.get("theme", "")
    response = redirect(next_of(request, "/"))
    if theme in THEMES:
        if request.learner:
            actions.prefer(request.learner, now_ms=now_ms(), theme=theme)
        response.set_cookie(THEME_COOKIE, theme, max_age=YEAR_S, samesite="Lax", httponly=True)
    return response


def _came_by_link(request: Any) -> bool:
    return bool(timezone.now().timestamp() - request.session.get(BY_LINK, 0) < LINK_S)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def password(request: Any) -> HttpResponse:
    """A new password. The old one is asked for, unless there is none or a sign-in link was used within the hour."""
    ask_old = request.user.has_usable_password() and not _came_by_link(request)
    form = NewPassword(request.POST if request.method == "POST" else None, person=request.user, ask_old=ask_old)
    if request.method == "POST":
        not_too_often(request, "change_password")
        if form.is_valid():
            actions.give_password(request.user, form.cleaned_data["new"], timezone.now())
            update_session_auth_hash(request, request.user)
            request.session.pop(BY_LINK, None)
            actions.sign_out_others(request.user, but=request.session.session_key)
            messages.success(request, _("The password is changed. Other devices are signed out."))
            return redirect("account")
    return render(request, "web/people/password.html", {"form": form, "ask_old": ask_old})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def email(request: Any) -> HttpResponse:
    """Another e-mail address, or none."""
    form = NewEmail(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        not_too_often(request, "manage_email")
        if form.is_valid():
            address = actions.give_email(request.user, form.cleaned_data["email"])
            if address and settings.ENVIRONMENT["EMAIL_URL"]:
                address.send_confirmation(request)
                messages.success(request, _("An e-mail is on its way. Open the link in it, so that we know the address is yours."))
            else:
                messages.success(request, _("Saved."))
            return redirect("account")
    return render(request, "web/people/email.html", {"form": form, "mail": bool(settings.ENVIRONMENT["EMAIL_URL"])})


@require_POST
@login_required
def sign_out_browser(request: Any, mark: str) -> HttpResponse:
    """Signs another of one's devices out."""
    if not actions.sign_out_browser(request.user, mark):
        raise NotThere(_("That device is signed out already."))
    messages.success(request, _("That device is signed out."))
    return redirect("account")


@never_cache
@require_safe
def download(request: Any) -> HttpResponse | StreamingHttpResponse | FileResponse:
    """Everything that is kept of oneself, in one zip; or (``?format=colpkg``) every set in a file that another program takes in."""
    if request.learner is None:
        return redirect("sign_in")
    not_too_often(request, "download")
    if format := request.GET.get("format", ""):
        return _for_another_program(request.learner, format)
    name = "kartoteka-guest.zip" if request.learner.is_guest else "kartoteka-my-data.zip"
    return StreamingHttpResponse(
        archive.pieces(request.learner, now_ms=now_ms()), content_type="application/zip", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _for_another_program(person: Person, format: str) -> FileResponse:
    """Every set in one file that another program takes in; it is written whole before it is sent."""
    part = transfer_queries.whole_writer(format)
    file = tempfile.TemporaryFile()  # noqa: SIM115  (the response closes it)
    transfer.write_all(person, format, cast(BinaryIO, file), now_ms=now_ms())
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"kartoteka{part.EXTENSIONS[0]}", content_type=part.MIME)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: Any) -> HttpResponse:
    """Leaving: everything goes at once. A guest has no password, and types the word Guest."""
    person = request.learner
    if person is None:
        return redirect("sign_in")
    form = Leaving(request.POST if request.method == "POST" else None, person=person)
    if request.method == "POST":
        not_too_often(request, "delete")
        if form.is_valid():
            leave(person)
            request.session.pop(GUEST, None)
            logout(request)
            request.learner = None
            return render(request, "web/people/deleted.html")
    return render(request, "web/people/delete.html", {"form": form, "amounts": taking.amounts(person)}, status=400 if form.errors else 200)
