"""Addresses of the pages about oneself. Some have a second name, by which allauth asks for them."""

from __future__ import annotations

from django.urls import path, re_path

from kartoteka.web.people import entering, keys, resetting, views, ways

urlpatterns = [
    path("", views.account, name="account"),
    path("settings/", views.change_settings, name="settings"),
    path("settings/keys/", keys.keys, name="change_keys"),
    path("away/", views.away, name="away"),
    path("language/", views.set_language, name="set_language"),
    path("theme/", views.set_theme, name="set_theme"),
    path("sign-up/", entering.sign_up, name="sign_up"),
    path("sign-up/", entering.sign_up, name="account_signup"),
    path("sign-in/", entering.sign_in, name="sign_in"),
    path("sign-in/", entering.sign_in, name="account_login"),
    path("sign-in/", entering.sign_in, name="account_inactive"),
    path("sign-out/", entering.sign_out, name="sign_out"),
    path("link/<str:token>/", entering.by_link, name="link"),
    path("password/", views.password, name="password"),
    path("sign-in/step/", ways.second_step, name="mfa_authenticate"),
    path("sign-in/passkey/", ways.passkey_alone, name="mfa_login_webauthn"),
    path("ways/", ways.ways, name="ways"),
    path("ways/confirm/", ways.confirm, name="confirm"),
    path("ways/app/", ways.app, name="way_app"),
    path("ways/app/remove/", ways.remove_app, name="remove_app"),
    path("ways/passkey/", ways.passkey, name="way_passkey"),
    path("ways/passkey/<int:id>/remove/", ways.remove_passkey, name="remove_passkey"),
    path("ways/codes/", ways.codes, name="codes"),
    path("email/", views.email, name="email"),
    path("email/", views.email, name="account_email"),
    re_path(r"^email/(?P<key>[-:\w]+)/$", resetting.confirm_email, name="account_confirm_email"),
    path("reset/", resetting.ask, name="reset"),
    path("reset/", resetting.ask, name="account_reset_password"),
    path("reset/sent/", resetting.asked, name="account_reset_password_done"),
    path("reset/done/", resetting.chosen, name="account_reset_password_from_key_done"),
    re_path(r"^reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$", resetting.choose, name="account_reset_password_from_key"),
    path("devices/<slug:mark>/sign-out/", views.sign_out_browser, name="sign_out_browser"),
    path("download/", views.download, name="download"),
    path("delete/", views.delete, name="delete_account"),
]
