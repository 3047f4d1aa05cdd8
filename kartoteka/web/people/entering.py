"""Pages of coming and going: sign up, sign in, a sign-in link, sign out."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.views import LoginView, SignupView
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from kartoteka.people import actions, queries
from kartoteka.people.refusals import LinkGone, NotAName, WeakPassword
from kartoteka.people.sessions import GUEST
from kartoteka.store.refusals import NotAllowed
from kartoteka.web.people import taking
from kartoteka.web.people.adapter import KEEP
from kartoteka.web.people.forms import SignIn, SignUp
from kartoteka.web.people.limits import not_too_often

BY_LINK = "by_link"  # when this browser was signed in by a link: for an hour it may give itself a password without the old one


def _of_the_guest(request: Any) -> dict[str, Any]:
    """What this browser's guest would bring along, and what the instance allows."""
    learner = request.learner if request.learner and request.learner.is_guest else None
    brought = taking.amounts(learner) if learner else None
    return {
        "guests_welcome": settings.ENVIRONMENT["GUESTS"] == "open",
        "mail": bool(settings.ENVIRONMENT["EMAIL_URL"]),
        "brought": brought,
        "brought_words": _words(brought) if brought else "",
    }


def _words(brought: taking.Amounts) -> str:
    sets = ngettext("%(n)s set", "%(n)s sets", brought.sets) % {"n": brought.sets}
    answers = ngettext("%(n)s answer", "%(n)s answers", brought.answers) % {"n": brought.answers}
    return _("%(sets)s and %(answers)s join the account.") % {"sets": sets, "answers": answers}


class SigningIn(LoginView):
    template_name = "web/people/sign_in.html"

    def get_form_class(self) -> type[SignIn]:
        return SignIn

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), **_of_the_guest(self.request), "open": get_adapter().is_open_for_signup(self.request)}

    def form_valid(self, form: SignIn) -> HttpResponse:
        if "asked_keep" in self.request.POST:
            self.request.session[KEEP] = form.cleaned_data["keep"]
        response: HttpResponse = super().form_valid(form)
        return response

    def form_invalid(self, form: SignIn) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)
        response.status_code = 429 if form.too_often else 200
        return response


class SigningUp(SignupView):
    template_name = "web/people/sign_up.html"

    def get_form_class(self) -> type[SignUp]:
        return SignUp

    def get_form(self, form_class: Any = None) -> SignUp:
        form: SignUp = super().get_form(form_class)
        form.request_guest = self.request.session.get(GUEST)
        return form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), **_of_the_guest(self.request)}

    def form_valid(self, form: SignUp) -> HttpResponse:
        try:
            response: HttpResponse = super().form_valid(form)
        except (NotAName, WeakPassword) as refusal:  # two at once wanted the same name
            form.add_error("username" if isinstance(refusal, NotAName) else "password1", str(refusal))
            response = self.form_invalid(form)
        return response

    def closed(self) -> HttpResponse:
        raise NotAllowed(_("New accounts are made by the owner of this server. Ask them for one."))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def by_link(request: Any, token: str) -> HttpResponse:
    """A page with a button: only pressing it uses the link up, so that a messenger's preview does not."""
    not_too_often(request, "link")
    if request.method != "POST":
        if not queries.link_waits(token, timezone.now()):
            raise LinkGone(_("This link was used already, or is older than a day. Ask the owner of this server for a new one."))
        return render(request, "web/people/link.html", _of_the_guest(request))
    person = actions.use_link(token, timezone.now())
    if request.user.is_authenticated and request.user != person:
        logout(request)
    get_adapter(request).login(request, person)
    request.session[BY_LINK] = timezone.now().timestamp()
    return redirect("account")


@require_POST
def sign_out(request: Any) -> HttpResponse:
    """Ends this browser's session. A guest whose things were left apart is there again."""
    left_apart = request.session.get(GUEST) if request.user.is_authenticated else None
    if request.user.is_authenticated:
        logout(request)
    if queries.guest(left_apart):
        request.session[GUEST] = left_apart
    return redirect(settings.LOGOUT_REDIRECT_URL)


sign_in = require_http_methods(["GET", "HEAD", "POST"])(SigningIn.as_view())
sign_up = require_http_methods(["GET", "HEAD", "POST"])(SigningUp.as_view())
