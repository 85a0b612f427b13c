"""A recorded stretch played again, through the same receiver and with the time of then."""
