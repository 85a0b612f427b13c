"""The item model of the device list: columns, order, filter, painting."""
