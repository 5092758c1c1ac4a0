"""A whole meeting held unattended: `./run demo`."""
