"""Content as commits: what items hold, what each write changed, the newest state of a branch."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from modelservice.project.model import Kind
from studio.assistants.models import Assistant
from studio.common.fields import OrderedJSONField

KINDS = [(kind.value, kind.value) for kind in Kind]
MAIN = "main"


class Blob(models.Model):
    """The content of one item; never changed, stored once for each assistant.

    `body` is what pages edit and everything reads. `text` is the YAML or file text that the body
    stands in, with comments and layout; None until somebody needs it. An edited item has a `base`:
    the blob whose text its edits are carried into. `content` holds the bytes of a file.
    """

    id = models.BigAutoField(primary_key=True)
    assistant = models.ForeignKey(Assistant, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64)
    body: "models.Field[Any, Any]" = OrderedJSONField(null=True)
    text = models.TextField(null=True)  # noqa: DJ001  None is "not made yet", "" is an empty text
    content = models.BinaryField(null=True)
    base = models.ForeignKey("self", null=True, on_delete=models.RESTRICT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["assistant", "digest"], name="blob_once")]

    def __str__(self) -> str:
        return self.digest


class Branch(models.Model):
    """A line of commits. All but `main` begin at commit `start` of their `parent`.

    `head` is the number of the newest commit; the row is locked by each write. The counts are
    those of the items at the head.
    """

    id = models.BigAutoField(primary_key=True)
    assistant = models.ForeignKey(Assistant, on_delete=models.CASCADE, related_name="branches")
    name = models.CharField(max_length=100)
    parent = models.ForeignKey("self", null=True, on_delete=models.RESTRICT, related_name="+")
    start = models.PositiveIntegerField(default=0)
    head = models.PositiveIntegerField(default=0)
    protected = models.BooleanField(default=False)
    flow_count = models.PositiveIntegerField(default=0)
    error_count = models.PositiveIntegerField(default=0)
    warning_count = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.UniqueConstraint(fields=["assistant", "name"], name="branch_name_once")
        ]

    def __str__(self) -> str:
        return self.name


class Door(models.TextChoices):
    """The way that a write came in."""

    BROWSER = "browser"
    REST = "rest"
    CLI = "cli"
    IMPORT = "import"
    RESTORE = "restore"
    MERGE = "merge"
    COMMAND = "command"


class Commit(models.Model):
    """One accepted write. `number` grows along the branch and is the revision of what it set."""

    id = models.BigAutoField(primary_key=True)
    branch = models.ForeignKey(Branch, on_delete=models.CASCADE, related_name="commits")
    number = models.PositiveIntegerField()
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    door = models.CharField(max_length=16, choices=Door.choices)
    message = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)
    # Of an autosave: when the first of those that became one was made.
    began_at = models.DateTimeField(default=timezone.now)
    # Later autosaves may become one with it: the change of one item that nothing refers to.
    open = models.BooleanField(default=False)
    merged = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["branch", "number"], name="commit_number_once")
        ]
        indexes = [models.Index(fields=["branch", "author", "number"], name="commit_of_author")]

    def __str__(self) -> str:
        return f"{self.branch}@{self.number}"


class Entry(models.Model):
    """What a commit set for one item; no `blob`: the commit removed it.

    Ids grow along a branch as the numbers of its commits do. `branch` and `number` repeat the
    commit's, for the index.
    """

    id = models.BigAutoField(primary_key=True)
    commit = models.ForeignKey(Commit, on_delete=models.CASCADE, related_name="entries")
    branch = models.ForeignKey(Branch, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=16, choices=KINDS)
    key = models.CharField(max_length=1000)
    blob = models.ForeignKey(Blob, null=True, on_delete=models.RESTRICT, related_name="+")
    path = models.CharField(max_length=1000, blank=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["commit", "kind", "key"], name="entry_once")]
        indexes = [
            models.Index(fields=["branch", "kind", "key", "number"], name="entry_of_item"),
            models.Index(fields=["branch", "number"], name="entry_of_branch"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Draft(models.Model):
    """A state that an autosave replaced, for saves that were read at it.

    `number` is the revision that it had, `delta` leads to its body from the body after it
    (`studio.content.deltas`). Kept for a day.
    """

    id = models.BigAutoField(primary_key=True)
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="drafts")
    number = models.PositiveIntegerField()
    delta = models.BinaryField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["entry", "number"], name="draft_once")]

    def __str__(self) -> str:
        return str(self.number)


class Item(models.Model):
    """An item at the head of a branch. Derived from the entries; pages read only this.

    `revision` is the number of the commit that set it. `summary` is what lists show, `facts` what
    checks of other items ask; they, `problems` and the references are made when the item, or one
    that it refers to, is written.
    """

    id = models.BigAutoField(primary_key=True)
    branch = models.ForeignKey(Branch, on_delete=models.CASCADE, related_name="items")
    kind = models.CharField(max_length=16, choices=KINDS)
    key = models.CharField(max_length=1000)
    blob = models.ForeignKey(Blob, on_delete=models.RESTRICT, related_name="+")
    revision = models.PositiveIntegerField()
    path = models.CharField(max_length=1000, blank=True)
    position = models.PositiveIntegerField(default=0)
    summary = models.JSONField(default=dict)
    facts = models.JSONField(default=dict)
    problems = models.JSONField(default=list)
    error_count = models.PositiveIntegerField(default=0)
    warning_count = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField(default=timezone.now)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["branch", "kind", "key"], name="item_once")]
        indexes = [models.Index(fields=["branch", "path"], name="item_of_file")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Reference(models.Model):
    """That an item refers to `name`. Derived from its body.

    `relation` is one of those of `studio.content.derive`: places that pages show (slots, texts,
    links, calls), names that its checks looked up, and what no other flow may have too.
    """

    id = models.BigAutoField(primary_key=True)
    branch = models.ForeignKey(Branch, on_delete=models.CASCADE, related_name="+")
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="references")
    relation = models.CharField(max_length=24)
    name = models.CharField(max_length=1000)
    step = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [models.Index(fields=["branch", "relation", "name"], name="reference_to")]

    def __str__(self) -> str:
        return f"{self.relation} {self.name}"


class TranslationVerdict(models.Model):
    """Whether a translation still fits its reference, of a pair of the two that somebody changed
    (`modelservice.project.translation_pairs`). A pair without a verdict is right.

    `before` is the reference that an outdated translation was made for; `by` changed it `at`.
    """

    id = models.BigAutoField(primary_key=True)
    assistant = models.ForeignKey(Assistant, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64)
    outdated = models.BooleanField()
    before = models.TextField(null=True)  # noqa: DJ001  None is "not known", "" is an empty text
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["assistant", "digest"], name="verdict_once")]

    def __str__(self) -> str:
        return self.digest


class ItemText(models.Model):
    """A translatable text of an item at the head of a branch. Derived from its body.

    `pointer` leads to it in the body, `position` is its place among those of the item, and
    `translations` are its words by language. Of those that are `outdated`, the ids of the verdicts
    are kept, by language, too.
    """

    id = models.BigAutoField(primary_key=True)
    branch = models.ForeignKey(Branch, on_delete=models.CASCADE, related_name="+")
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="texts")
    position = models.PositiveIntegerField()
    pointer = models.CharField(max_length=100)
    field = models.CharField(max_length=16)
    reference = models.TextField()
    translations = models.JSONField(default=dict)
    outdated = models.JSONField(default=dict)
    needed = models.BooleanField()
    jinja = models.BooleanField(default=False)

    class Meta:
        ordering = ["item", "position"]
        constraints = [models.UniqueConstraint(fields=["item", "pointer"], name="item_text_once")]

    def __str__(self) -> str:
        return f"{self.item} {self.pointer}"


class Checkout(models.Model):
    """What a person's files on their own machine held, as of a pull or a push of theirs.

    It is the content of `branch` at commit `number`, but for the items listed: a push that was
    merged with others' changes left those out of their files. What was only fetched may have been
    looked at and thrown away; what was `pushed` was in their files for sure.
    """

    id = models.BigAutoField(primary_key=True)
    branch = models.ForeignKey(Branch, on_delete=models.CASCADE, related_name="checkouts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    pushed = models.BooleanField(default=False)
    # sha256 of each part as it was sent last, by its name: what is sent again is not read again.
    digests = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["branch", "user", "id"], name="checkout_of_user")]

    def __str__(self) -> str:
        return f"{self.user}: {self.branch}@{self.number}"


class CheckoutItem(models.Model):
    """An item that is different in a person's files; no `blob`: it is not in them."""

    id = models.BigAutoField(primary_key=True)
    checkout = models.ForeignKey(Checkout, on_delete=models.CASCADE, related_name="items")
    kind = models.CharField(max_length=16, choices=KINDS)
    key = models.CharField(max_length=1000)
    blob = models.ForeignKey(Blob, null=True, on_delete=models.RESTRICT, related_name="+")
    path = models.CharField(max_length=1000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["checkout", "kind", "key"], name="checkout_item_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Editor(models.Model):
    """When a person last wrote to an assistant; home shows the latest."""

    id = models.BigAutoField(primary_key=True)
    assistant = models.ForeignKey(Assistant, on_delete=models.CASCADE, related_name="editors")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["assistant", "user"], name="editor_once")]

    def __str__(self) -> str:
        return str(self.user)
