"""We gather: LiveKit rooms, tickets, who was sent out."""
