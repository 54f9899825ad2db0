CREATE TABLE placeholder(x) STRICT;
