"""What each field of the two root types needs. A field that is not here is closed."""

from studio.accounts.roles import Permission

# None: whoever is signed in.
PERMISSIONS: dict[str, Permission | None] = {
    "licenseDetails": None,
    "assistantByName": Permission.ASSISTANT_VIEW,
    "exportAsEncodedYaml": Permission.ASSISTANT_VIEW,
    "uploadModernAssistant": Permission.CONTENT_EDIT,
    "importFromEncodedYaml": Permission.CONTENT_EDIT,
    "deleteAssistant": Permission.ASSISTANT_DELETE,
    "rawConversations": Permission.CONVERSATION_VIEW,
    "conversationTags": Permission.CONVERSATION_VIEW,
    "addConversationTagToConversation": Permission.CONVERSATION_REVIEW,
    "removeConversationTagFromConversation": Permission.CONVERSATION_REVIEW,
    "deleteConversations": Permission.CONVERSATION_DELETE,
    "modelDownloadUrls": Permission.MODEL_DOWNLOAD,
}
