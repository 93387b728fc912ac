"""Names that every assistant has without writing them (assistant_files §1.7, §2.1, §2.3, §10)."""

# Of rule and form assistants: known by name, without effect in flows.
CLASSIC_ACTIONS = frozenset(
    {
        "action_default_fallback",
        "action_deactivate_loop",
        "action_revert_fallback_events",
        "action_default_ask_affirmation",
        "action_default_ask_rephrase",
        "action_two_stage_fallback",
        "action_unlikely_intent",
    }
)
ACTIONS = CLASSIC_ACTIONS | frozenset(
    {
        "action_listen",
        "action_restart",
        "action_session_start",
        "action_back",
        "action_send_text",
        "action_extract_slots",
        "action_validate_slot_mappings",
        "action_cancel_flow",
        "action_correct_flow_slot",
        "action_clarify_flows",
        "action_run_slot_rejections",
        "action_clean_stack",
        "action_trigger_search",
        "action_trigger_chitchat",
        "action_reset_routing",
        "action_hangup",
        "action_handoff_metric",
        "action_repeat_bot_messages",
        "action_default_capabilities",
        "action_continue_interrupted_flow",
        "action_cancel_interrupted_flows",
        "action_agent_request_user_input",
        "action_send_text_update",
    }
)
RESPONSES = frozenset(
    {
        "utter_flow_cancelled_rasa",
        "utter_cannot_handle",
        "utter_ask_rephrase",
        "utter_no_relevant_answer_found",
        "utter_free_chitchat_response",
        "utter_clarification_options_rasa",
        "utter_clarification_no_options_rasa",
        "utter_inform_code_change",
        "utter_can_do_something_else",
        "utter_closing_words",
        "utter_ask_interrupted_flow_to_continue",
        "utter_ask_continue_interrupted_flow_confirmation",
        "utter_flow_continue_interrupted",
        "utter_corrected_previous_input",
        "utter_ask_csat_score",
        "utter_csat_thank_you_satisfied",
        "utter_csat_thank_you_unsatisfied",
        "utter_agent_busy",
        "utter_human_handoff_not_available",
        "utter_internal_error_rasa",
        "utter_user_input_too_long_error_rasa",
        "utter_user_input_empty_error_rasa",
        "utter_no_knowledge_base",
        "utter_skip_question_answer",
        "utter_ask_still_there",
        "utter_inform_hangup",
        "utter_boolean_slot_rejection",
        "utter_float_slot_rejection",
        "utter_categorical_slot_rejection",
        "utter_ask_continue_conversation",
        # Of our runtime.
        "utter_classic_part_not_running",
    }
)
SLOTS = frozenset(
    {
        "requested_slot",
        "flow_hashes",
        "session_started_metadata",
        "mocked_datetime",
        "return_value",
        "language",
        "route_session_to_calm",
        "confirm_correction",
        "silence_timeout",
        "consecutive_silence_timeouts",
        "continue_conversation",
        "continue_interrupted_flow_confirmation",
        "interrupted_flow_to_continue",
        "max_clarification_options",
        "csat_score",
    }
)
# What responses may be said with besides slots: the value that a rejection refuses.
RESPONSE_ARGUMENTS = frozenset({"value"})
INTENTS = frozenset(
    {
        "restart",
        "back",
        "out_of_scope",
        "session_start",
        "session_end",
        "silence_timeout",
        "nlu_fallback",
    }
)
PATTERNS = frozenset(
    f"pattern_{name}"
    for name in (
        *("cancel_flow", "cannot_handle", "chitchat", "clarification", "code_change"),
        *("collect_information", "completed", "continue_interrupted", "correction"),
        *("customer_satisfaction", "external_agent_processing", "human_handoff"),
        *("internal_error", "repeat_bot_messages", "restart", "search", "session_end"),
        *("session_start", "skip_question", "user_silence", "validate_slot"),
    )
)
# Patterns that an author's flow may link to.
LINKABLE_PATTERNS = frozenset(
    {"pattern_human_handoff", "pattern_search", "pattern_customer_satisfaction"}
)
COMMAND_PAYLOADS = frozenset({"session_start", "session_end", "restart", "back", "silence_timeout"})
