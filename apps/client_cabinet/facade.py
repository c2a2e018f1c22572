"""What neighbours may call: plain data in, plain frozen data out."""
