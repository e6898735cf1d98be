"""The protocol of FusionInventory and of the GLPI Agent, its successor."""
