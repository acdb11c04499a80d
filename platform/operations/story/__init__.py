"""The main story, played through public doors only: the product's API and the chats of the sandbox."""
