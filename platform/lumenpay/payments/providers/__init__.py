"""Payment gateways behind one Protocol, a folder each."""
