"""Documents to choose cards from: Word, PowerPoint, OpenDocument, PDF."""
