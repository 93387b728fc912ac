"""The languages of an assistant."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from studio.accounts.api.base import view_and_edit
from studio.accounts.api.fields import Serializer
from studio.accounts.permissions import Permission
from studio.common.errors import NotFound
from studio.content.api.base import ContentView
from studio.content.api.language_field import LanguageField
from studio.content.errors import BranchProtected
from studio.content.selectors.languages import languages_document
from studio.content.services import languages


class LanguageSerializer(Serializer):
    code = serializers.CharField()
    place = serializers.ChoiceField(
        choices=["default", "additional", "unlisted"],
        help_text="unlisted: it has texts, and is not one of the assistant's languages",
    )
    texts = serializers.IntegerField(help_text="How many texts have words in it")
    missing = serializers.IntegerField(help_text="How many texts have none")
    outdated = serializers.IntegerField(
        help_text="How many have words of before their text was changed"
    )
    to_do = serializers.DictField(
        child=serializers.IntegerField(),
        help_text="Missing and outdated ones, by message, button, link, url and flow_name",
    )


class LanguagesSerializer(Serializer):
    texts = serializers.IntegerField(
        help_text="How many texts responses, buttons, links and flow names have"
    )
    languages = LanguageSerializer(many=True)


class LanguageAddSerializer(Serializer):
    code = LanguageField()


class LanguagesView(ContentView):
    required_permissions = view_and_edit("POST", edit=Permission.SETTINGS_EDIT)
    failures = {"POST": (BranchProtected,)}
    pagination_class = None

    @extend_schema(responses=LanguagesSerializer)
    def get(self, request: Request, **kwargs: Any) -> Response:
        """List the languages of an assistant.

        The default first, each with how many texts have words in it.
        """
        return Response(languages_document(self.branch()))

    @extend_schema(request=LanguageAddSerializer, responses={201: LanguagesSerializer})
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Add a language.

        By its code; one of your own may be made. config.yml is edited in place.
        """
        code = self.validated(LanguageAddSerializer)["code"]
        author = self.author(f"Language “{code}” added")
        languages.language_add(branch=self.branch(), code=code, author=author)
        return Response(languages_document(self.branch()), status=201)


class LanguageView(ContentView):
    required_permissions = {"DELETE": Permission.SETTINGS_EDIT}
    failures = {"DELETE": (BranchProtected, NotFound)}

    @extend_schema(responses={204: None})
    def delete(self, request: Request, **kwargs: Any) -> Response:
        """Remove a language.

        Texts in it stay in the responses, and are used again when it is added again.
        """
        code = kwargs["code"]
        author = self.author(f"Language “{code}” removed")
        languages.language_remove(branch=self.branch(), code=code, author=author)
        return Response(status=204)


class LanguageDefaultView(ContentView):
    required_permissions = {"POST": Permission.SETTINGS_EDIT}
    failures = {"POST": (BranchProtected, NotFound)}

    @extend_schema(request=None, responses=LanguagesSerializer)
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Make a language the default.

        Its words change places with those of the default, in one commit. Texts without words in
        it keep the ones that they have.
        """
        code = kwargs["code"]
        author = self.author(f"“{code}” made the default language")
        languages.language_make_default(branch=self.branch(), code=code, author=author)
        return Response(languages_document(self.branch()))
