import { capitalised } from "@/lib/capitalised";

/** The class that a custom action of this name begins with, for rasa-sdk. */
export function actionStub(action: string): string {
  return `from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher


class ${className(action)}(Action):
    def name(self) -> str:
        return "${action}"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        # Read: tracker.get_slot("name"). Say: dispatcher.utter_message(response="utter_name").
        return [SlotSet("name", "value")]
`;
}

/** "action_block_card" is BlockCard. */
function className(action: string): string {
  const words = action
    .replace(/^action_/, "")
    .split(/[^A-Za-z0-9]+/)
    .filter(Boolean);
  const name = words.map(capitalised).join("");
  return /^[A-Za-z]/.test(name) ? name : `Action${name}`;
}
