import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/**
 * A classic assistant of rules, whose events go to Kafka; the operator says where that is. What the bot itself
 * remembers is in a file of its own: in memory Rasa keeps the last session alone.
 */
const FILES = {
  "config.yml": `recipe: default.v1
assistant_id: corner-shop
language: en
pipeline:
- name: WhitespaceTokenizer
- name: KeywordIntentClassifier
policies:
- name: RulePolicy
`,
  "endpoints.yml": `event_broker:
  type: kafka
  url: \${KAFKA_BROKER_ADDRESS}
  topic: \${KAFKA_TOPIC}
  security_protocol: PLAINTEXT
  partition_by_sender: true
tracker_store:
  type: SQL
  dialect: sqlite
  db: tracker.db
`,
  "credentials.yml": "rest:\n",
  "domain.yml": `version: "3.1"
intents: [greet, order_tea, opening_hours, goodbye]
slots:
  wish:
    type: text
    mappings:
    - type: from_intent
      intent: order_tea
      value: tea
responses:
  utter_greet:
  - text: Hello, this is the corner shop.
    buttons:
    - title: Order tea
      payload: /order_tea
  utter_order:
  - text: One pot of {wish} is on its way.
  utter_opening_hours:
  - text: We are open from eight to six.
  utter_goodbye:
  - text: See you soon.
session_config:
  session_expiration_time: 60
  carry_over_slots_to_new_session: true
`,
  "data/nlu.yml": `version: "3.1"
nlu:
- intent: greet
  examples: |
    - hello
    - good morning
- intent: order_tea
  examples: |
    - tea
    - something to drink
- intent: opening_hours
  examples: |
    - open
    - hours
- intent: goodbye
  examples: |
    - goodbye
    - see you
`,
  "data/rules.yml": `version: "3.1"
rules:
- rule: greet
  steps:
  - intent: greet
  - action: utter_greet
- rule: order
  steps:
  - intent: order_tea
  - action: utter_order
- rule: hours
  steps:
  - intent: opening_hours
  - action: utter_opening_hours
- rule: goodbye
  steps:
  - intent: goodbye
  - action: utter_goodbye
`,
};

export function classicProject(): string {
  const folder = mkdtempSync(join(tmpdir(), "studio-classic-"));
  for (const [path, text] of Object.entries(FILES)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return folder;
}
