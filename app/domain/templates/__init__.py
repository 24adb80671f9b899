"""通知模板: what notifications say in each channel, the product's wording and the house's, from which facts."""
