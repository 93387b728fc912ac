"""The form of the models of Studio's own runtime."""

# Goes up with what a trained model holds. Assistants run models of this form alone: an older one
# is trained again.
MODEL_FORMAT = 3
