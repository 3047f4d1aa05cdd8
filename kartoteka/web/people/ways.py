"""Ways to sign in: passkeys, an authenticator app, recovery codes; and the second step of signing in, where one is asked for."""

from __future__ import annotations

import json
from typing import Any

from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.webauthn.forms import AuthenticateWebAuthnForm, LoginWebAuthnForm
from allauth.mfa.webauthn.internal import auth as webauthn
from allauth.mfa.webauthn.views import LoginWebAuthnView
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from qrcode.main import QRCode

from kartoteka.people import ways as people
from kartoteka.store.writer import action
from kartoteka.web.people.adapter import CONFIRMED
from kartoteka.web.people.limits import not_too_often
from kartoteka.web.people.safe import next_of

FRESH_S = 600


class Code(AuthenticateForm):
    """The code of an app, or a recovery code. What it uses up is kept by an action, as every change is."""

    def clean_code(self) -> str:
        code, refusal = action(self._tried)()
        if refusal:
            raise refusal
        return code

    def _tried(self) -> tuple[str, forms.ValidationError | None]:
        """A wrong code is handed back, not raised: what is raised in an action undoes it, and with it the count of tries where that is kept in the database."""
        try:
            return str(super().clean_code()), None
        except forms.ValidationError as refusal:
            return "", refusal

    def save(self) -> None:
        action(super().save)()


class Key(AuthenticateWebAuthnForm):
    def save(self) -> None:
        action(super().save)()


class KeyAlone(LoginWebAuthnForm):
    def save(self) -> None:
        action(super().save)()


class Confirming(forms.Form):
    """The password once more, before the ways to sign in change."""

    password = forms.CharField(strip=False)

    def __init__(self, *args: Any, person: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_password(self) -> str:
        if not self.person.check_password(str(self.cleaned_data["password"])):
            raise forms.ValidationError(_("That is not your password."))
        return ""


def _fresh(request: Any) -> bool:
    """Whether this browser signed in, or was asked, within ten minutes."""
    return bool(timezone.now().timestamp() - request.session.get(CONFIRMED, 0) < FRESH_S)


def _ask_first(request: Any) -> HttpResponse:
    return redirect(f"{reverse('confirm')}?next={request.path if request.method == 'GET' else reverse('ways')}")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def confirm(request: Any) -> HttpResponse:
    """Asks for the password, so that nobody at an open screen changes how to get in."""
    asked = request.user.has_usable_password()
    form = Confirming(request.POST if request.method == "POST" else None, person=request.user)
    if request.method == "POST" and asked:
        not_too_often(request, "confirm")
        if form.is_valid():
            request.session[CONFIRMED] = timezone.now().timestamp()
            return redirect(next_of(request, "ways"))
    wished = request.POST.get("next") or request.GET.get("next", "")
    return render(request, "web/people/confirm.html", {"form": form, "asked": asked, "wished": wished})


@never_cache
@require_safe
@login_required
def ways(request: Any) -> HttpResponse:
    return render(request, "web/people/ways.html", {"ways": people.ways_of(request.user)})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def app(request: Any) -> HttpResponse:
    """An authenticator app: its picture to scan, and a first code that shows it works."""
    if not _fresh(request):
        return _ask_first(request)
    wrong = ""
    if request.method == "POST":
        not_too_often(request, "ways")
        secret = totp.get_totp_secret()
        if totp.validate_totp_code(secret, request.POST.get("code", "")):
            totp.clear_totp_secret(request)
            return _told(request, people.add_app(request.user, secret), _("The app is set up. From now on a code of it is asked for after the password."))
        wrong = _("That code does not fit. Codes change every 30 seconds; check the clock of your phone.")
    secret = totp.get_totp_secret(regenerate=request.method != "POST")
    url = get_mfa_adapter().build_totp_url(request.user, secret)
    spaced = " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))
    picture, size = _picture(url)
    context = {"picture": picture, "size": size, "secret": spaced, "url": url, "wrong": wrong}
    return render(request, "web/people/way_app.html", context, status=422 if wrong else 200)


def _picture(text: str) -> tuple[str, int]:
    """A QR code as the path of an SVG, and how many squares wide it is."""
    code = QRCode(border=0)
    code.add_data(text)
    rows = code.get_matrix()
    return "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark), len(rows)


@require_POST
@login_required
def remove_app(request: Any) -> HttpResponse:
    if not _fresh(request):
        return _ask_first(request)
    people.remove_app(request.user)
    messages.success(request, _("No code of an app is asked for any more."))
    return redirect("ways")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def passkey(request: Any) -> HttpResponse:
    """A passkey: the browser makes it, we keep its public half."""
    if not _fresh(request):
        return _ask_first(request)
    wrong = ""
    if request.method == "POST":
        not_too_often(request, "ways")
        try:
            credential = json.loads(request.POST.get("credential", ""))
            webauthn.parse_registration_response(credential)
            webauthn.complete_registration(credential)
            codes = people.add_passkey(request.user, request.POST.get("name", ""), credential)
            return _told(request, codes, _("The passkey is kept. You can sign in with it alone."))
        except (ValueError, TypeError, KeyError, AttributeError, ValidationError):
            wrong = _("That passkey could not be kept. Try once more, on the same page.")
    options = json.dumps(webauthn.begin_registration(request.user, True))
    return render(request, "web/people/way_passkey.html", {"options": options, "wrong": wrong}, status=422 if wrong else 200)


@require_POST
@login_required
def remove_passkey(request: Any, id: int) -> HttpResponse:
    if not _fresh(request):
        return _ask_first(request)
    people.remove_passkey(request.user, id)
    messages.success(request, _("That passkey lets nobody in any more."))
    return redirect("ways")


@require_POST
@login_required
def codes(request: Any) -> HttpResponse:
    """New recovery codes, shown this once."""
    if not _fresh(request):
        return _ask_first(request)
    not_too_often(request, "ways")
    return _told(request, people.new_codes(request.user), "")


def _told(request: Any, codes: list[str], words: str) -> HttpResponse:
    """Recovery codes are shown in the answer itself, and nowhere ever again."""
    if not codes:
        if words:
            messages.success(request, words)
        return redirect("ways")
    response: HttpResponse = never_cache(render)(request, "web/people/codes.html", {"codes": [f"{code[:4]} {code[4:]}" for code in codes], "words": words})
    return response


class SecondStep(AuthenticateView):
    """After the password: a code, a recovery code, or a passkey."""

    template_name = "web/people/second_step.html"

    def get_form_class(self) -> type[Code]:
        return Code

    def get_webauthn_form_class(self) -> type[Key]:
        return Key

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = super().get_context_data(**kwargs)
        return {**found, "options": json.dumps(found["js_data"]["request_options"]), "ways": people.ways_of(self.stage.login.user)}


class PasskeyAlone(LoginWebAuthnView):
    """Signing in with a passkey and nothing else: what the browser shall sign, and what it signed."""

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.headers.get("Accept") == "application/json":
            return JsonResponse(webauthn.begin_authentication(user=None))
        return redirect("sign_in")

    def get_form_class(self) -> type[KeyAlone]:
        return KeyAlone

    def form_invalid(self, form: KeyAlone) -> HttpResponse:
        messages.error(self.request, _("That passkey is not known here. Sign in another way."))
        return redirect("sign_in")


second_step = require_http_methods(["GET", "HEAD", "POST"])(SecondStep.as_view())
passkey_alone = require_http_methods(["GET", "HEAD", "POST"])(PasskeyAlone.as_view())
