"""Learn: recognise it, recall it, done for today."""
