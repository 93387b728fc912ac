"""Times, numbers, amounts and addresses of messages, as Duckling tells them."""
