/** A word that an editor offers while one is typed. */
export interface Offer {
  readonly label: string;
  /** What it is, in a word. */
  readonly detail?: string;
}

/** The keys of a format, by the paths of its files; the first that fits. */
const FORMATS: readonly { fits: RegExp; keys: readonly string[] }[] = [
  {
    fits: /^(?:e2e_tests|tests)\/.*\.ya?ml$/,
    keys: [
      ...["test_cases", "test_case", "steps", "user", "utter", "bot", "assertions", "fixtures"],
      ...["slot_was_set", "slot_was_not_set", "flow_started", "flow_completed", "flow_cancelled"],
      ...["flow_id", "flow_step_id", "action_executed", "bot_uttered", "bot_did_not_utter"],
      ...["utter_name", "text_matches", "buttons", "name", "value", "assertion_order_enabled"],
      ...["pattern_clarification_contains", "generative_response_is_relevant", "metadata"],
      ...["generative_response_is_grounded", "threshold", "ground_truth", "stub_custom_actions"],
    ],
  },
  {
    fits: /^config\.ya?ml$/,
    keys: [
      ...["recipe", "language", "additional_languages", "assistant_id", "pipeline", "policies"],
      ...["name", "llm", "model_group", "prompt_template", "user_input", "max_characters"],
      ...["flow_retrieval", "active", "embeddings", "num_flows", "vector_store", "type", "source"],
      ...["SearchReadyLLMCommandGenerator", "CompactLLMCommandGenerator", "NLUCommandAdapter"],
      ...["FlowPolicy", "EnterpriseSearchPolicy", "IntentlessPolicy", "RulePolicy"],
      ...["WhitespaceTokenizer", "RegexFeaturizer", "CountVectorsFeaturizer", "DIETClassifier"],
      ...["EntitySynonymMapper", "RegexEntityExtractor", "LogisticRegressionClassifier", "epochs"],
    ],
  },
  {
    fits: /^endpoints\.ya?ml$/,
    keys: [
      ...["action_endpoint", "actions_module", "url", "model_groups", "id", "models", "provider"],
      ...["model", "api_key", "api_base", "api_version", "deployment", "timeout", "nlg", "type"],
      ...["rephrase", "rephrase_all", "prompt", "event_broker", "topic", "tracker_store"],
      ...["lock_store", "vector_store", "mcp_servers"],
    ],
  },
  {
    fits: /^(?:data\/|flows).*\.ya?ml$/,
    keys: [
      ...["flows", "name", "description", "if", "always_include_in_prompt", "nlu_trigger", "steps"],
      ...["intent", "confidence_threshold", "id", "action", "collect", "link", "call", "set_slots"],
      ...["noop", "next", "then", "else", "END", "utter", "ask_before_filling", "rejections"],
      ...["persisted_slots", "reset_after_flow_ends", "metadata", "nlu", "examples", "synonym"],
      ...["lookup", "regex", "version"],
    ],
  },
  {
    fits: /^domain(?:\/.*)?\.ya?ml$/,
    keys: [
      ...["slots", "responses", "actions", "intents", "entities", "session_config", "type"],
      ...["text", "bool", "float", "categorical", "any", "list", "values", "initial_value"],
      ...["mappings", "from_llm", "from_entity", "from_intent", "from_text", "controlled"],
      ...["validation", "utter", "rejections", "buttons", "title", "payload", "condition"],
      ...["channel", "image", "custom", "metadata", "rephrase", "translation", "version"],
    ],
  },
  {
    fits: /\.py$/,
    keys: [
      ...["Action", "Tracker", "CollectingDispatcher", "SlotSet", "FollowupAction"],
      ...["ValidationAction", "FormValidationAction", "get_slot", "utter_message", "dispatcher"],
      ...["tracker", "domain", "response", "rasa_sdk", "ActionExecutionRejection"],
    ],
  },
];

/** The keys that a file at this path has; none where its format has no words of its own. */
export function keysOf(path: string): readonly string[] {
  return FORMATS.find(({ fits }) => fits.test(path))?.keys ?? [];
}
