"""Office Open XML, which Word, PowerPoint and Excel write; and what OpenDocument shares with it."""
