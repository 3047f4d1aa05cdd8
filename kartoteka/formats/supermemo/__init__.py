"""SuperMemo: XML, and questions and answers as text."""
