"""How soon a run that was approved is walked: from the press of Approve to the first step that is running."""
