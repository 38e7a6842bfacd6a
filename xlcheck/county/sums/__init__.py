"""The county's own figures from its units, and which unit explains where they are not the sum."""
