"""A small project as people have them: comments, split files, placeholders, other alphabets."""

import io
import struct
import zipfile
from collections.abc import Mapping

FILES: dict[str, bytes] = {
    "config.yml": b"""\
recipe: default.v1
language: en   # the first one
assistant_id: little-bank
pipeline:
- name: CompactLLMCommandGenerator
  llm:
    model_group: ${MODEL_GROUP}
policies:
- name: FlowPolicy
""",
    "endpoints.yml": b"""\
# where custom actions run
action_endpoint:
  url: "${ACTION_URL}"
""",
    "credentials.yml": b"rest:\n",
    "domain/slots.yml": b"""\
version: "3.1"
slots:
  amount:
    type: float
    mappings:
    - type: from_llm
  recipient:
    type: text
  tier:
    type: categorical
    values: [gold, silver]
session_config:
  session_expiration_time: 60
""",
    "domain/responses.yml": """\
responses:
  utter_ask_amount:
  - text: "Wie viel? \u00dcberweisung in \u20ac"  # asked first
    buttons:
    - title: "10"
      payload: "/SetSlots(amount=10)"
  utter_ask_recipient:
  - text: To whom?
  utter_done:
  - text: "{amount} sent to {recipient}"
  - text: Done
  utter_help:
  - text: I can send money.
actions:
- action_transfer
- action_audit: {send_domain: true}
""".encode(),
    "data/flows/transfer.yml": b"""\
flows:
  transfer_money:
    name: transfer money
    description: send money to somebody   # for the model
    steps:
    - collect: recipient
    - collect: amount
      next:
      - if: slots.amount > 1000
        then:
        - action: action_audit
          next: END
      - else: send
    - id: send
      action: action_transfer
    - action: utter_done
    - link: help
""",
    "data/flows/help.yml": b"""\
flows:
  help:
    description: say what the assistant can do
    steps:
    - action: utter_help
""",
    "data/patterns.yml": b"""\
flows:
  pattern_completed:
    description: a flow is over
    steps:
    - action: utter_help
""",
    "data/nlu.yml": b"""\
version: "3.1"
nlu:
- intent: greet
  examples: |
    - hi
    - hello
- synonym: Anna
  examples: |
    - Ana
""",
    "prompts/command_generator.jinja2": b"You are {{ name }}.\r\n",
    "actions/actions.py": b"print('hi')\n",
    "e2e_tests/transfer.yml": b"test_cases: []\n",
}


def zip_of(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    return buffer.getvalue()


def with_file(path: str, content: str | bytes) -> dict[str, bytes]:
    """The example with one file more, or another one in its place."""
    return {**FILES, path: content if isinstance(content, bytes) else content.encode()}


def lying_zip64(entries: int) -> bytes:
    """A zip64 of this many empty files, whose classic trailer says that there is one."""
    name = b"a"
    head = struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, 0, 0, 0, 0, 0, 0, 0, len(name), 0) + name
    entry = struct.pack(
        *("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 0, 0, 0, 0, 0, 0, len(name), 0, 0, 0, 0, 0, 0)
    )
    directory = (entry + name) * entries
    end64 = struct.pack(
        *("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, entries, entries),
        *(len(directory), len(head)),
    )
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, len(head) + len(directory), 1)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, 46, len(head), 0)
    return head + directory + end64 + locator + end
