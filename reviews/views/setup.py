from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.password_validation import validate_password
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from reviews.models import User
from reviews.services.accounts import create_owner, setup_token_valid
from reviews.services.errors import Refused

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class SetupForm(forms.Form):
    name = forms.CharField(max_length=150, label="Your name")
    email = forms.EmailField(max_length=254, label="E-mail address")
    password = forms.CharField(
        label="Password",
        strip=False,
        help_text="At least ten characters.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if password := data.get("password"):
            try:
                validate_password(password, User(email=data.get("email", ""), name=data.get("name", "")))
            except forms.ValidationError as error:
                self.add_error("password", error)
        return data


@login_not_required
@never_cache
def setup(request: HttpRequest, token: str) -> HttpResponse:
    """Creates the owner of an empty installation, once."""
    if not setup_token_valid(token):
        raise Http404
    form = SetupForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = create_owner(token, **form.cleaned_data)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("account_login")
        login(request, user, backend=BACKEND)
        return redirect("home")
    return render(request, "setup.html", {"form": form}, status=422 if form.errors else 200)
