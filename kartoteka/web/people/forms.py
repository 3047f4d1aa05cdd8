"""The forms of one's own pages."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm, ResetPasswordKeyForm, SignupForm
from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kartoteka.people import actions, days, queries
from kartoteka.people.models import Person
from kartoteka.people.refusals import NotAName, WeakPassword
from kartoteka.people.sessions import GUEST
from kartoteka.web.context import THEMES

READING_SIZES = ((100, gettext_lazy("Normal")), (125, gettext_lazy("Large")), (150, gettext_lazy("Larger")))
RETENTIONS = (0.8, 0.85, 0.9, 0.95)


class Asking(forms.BaseForm):
    """What is left empty is asked for in our own words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.error_messages["required"] = _("Fill this in.")


class SignIn(Asking, LoginForm):
    keep = forms.BooleanField(required=False)

    @property
    def too_often(self) -> bool:
        return bool(self.has_error("__all__", "too_many_login_attempts"))


class SignUp(Asking, SignupForm):
    """A name and a password; a guest's own row becomes the account."""

    request_guest: str | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"] = forms.CharField(max_length=200, error_messages={"required": _("Fill this in.")})  # what a name may be says people.names

    def clean_username(self) -> str:
        try:
            return actions.check_name(str(self.cleaned_data["username"]), of=queries.guest(self.request_guest))
        except NotAName as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    def save(self, request: Any) -> Person:
        guest = queries.guest(request.session.get(GUEST))
        values = self.cleaned_data
        return actions.sign_up(guest, name=values["username"], password=values["password1"], email=values.get("email") or "", now=timezone.now())


class NewPassword(Asking, forms.Form):
    """A new password; the old one too, unless there is none or a sign-in link was used just now."""

    old = forms.CharField(required=False, strip=False)
    new = forms.CharField(strip=False)

    def __init__(self, *args: Any, person: Person, ask_old: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person, self.ask_old = person, ask_old

    def clean_old(self) -> str:
        old = str(self.cleaned_data["old"])
        if self.ask_old and not self.person.check_password(old):
            raise forms.ValidationError(_("That is not your password now."))
        return old

    def clean_new(self) -> str:
        new = str(self.cleaned_data["new"])
        try:
            actions.check_password(new, of=self.person)
        except WeakPassword as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return new


class NewPasswordByMail(Asking, ResetPasswordKeyForm):
    """One field is enough: the page can show what is typed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["password2"]


class NewEmail(forms.Form):
    email = forms.EmailField(required=False, max_length=254)


class Leaving(Asking, forms.Form):
    """Deleting an account: its name typed, and its password where it has one."""

    name = forms.CharField()
    password = forms.CharField(required=False, strip=False)

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_name(self) -> str:
        if str(self.cleaned_data["name"]).strip() != self.person.shown_name:
            raise forms.ValidationError(_("Type %(name)s, exactly so.") % {"name": self.person.shown_name})
        return self.person.name

    def clean_password(self) -> str:
        if self.person.has_usable_password() and not self.person.check_password(str(self.cleaned_data["password"])):
            raise forms.ValidationError(_("That is not your password."))
        return ""


class Settings(forms.Form):
    """How someone likes to read and study. A field that is not sent stays as it is."""

    theme = forms.ChoiceField(choices=[(theme, theme) for theme in THEMES], required=False)
    motion = forms.ChoiceField(choices=[(motion, motion) for motion in ("", "reduced", "full")], required=False)
    reading_size = forms.TypedChoiceField(choices=READING_SIZES, coerce=int)
    language = forms.ChoiceField(choices=[("", ""), *settings.LANGUAGES], required=False)
    time_zone = forms.CharField(required=False, max_length=64)
    day_start_min = forms.TypedChoiceField(choices=[(hour * 60, f"{hour:02}:00") for hour in range(13)], coerce=int)
    minutes_a_day = forms.IntegerField(min_value=1, max_value=600)
    new_a_day = forms.IntegerField(min_value=0, max_value=1000)
    days_off = forms.MultipleChoiceField(choices=[("", ""), *((str(day), str(day)) for day in range(7))], required=False)
    retention = forms.TypedChoiceField(choices=[(share, share) for share in RETENTIONS], coerce=float)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        for name in [name for name in self.fields if name not in data]:
            del self.fields[name]

    def clean_days_off(self) -> list[int]:
        days_off = sorted({int(day) for day in self.cleaned_data["days_off"] if day != ""})
        if len(days_off) == 7:
            raise forms.ValidationError(_("Leave at least one weekday for study."))
        return days_off

    def clean_time_zone(self) -> str:
        zone = str(self.cleaned_data["time_zone"])
        if zone and zone not in days.zones():
            raise forms.ValidationError(_("“%(zone)s” is not a time zone. Choose one from the list, such as Europe/Berlin.") % {"zone": zone})
        return zone
