"""Who somebody is: guests, people, e-mail links, sessions and the access rule of every route."""
