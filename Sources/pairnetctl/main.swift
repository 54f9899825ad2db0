import ArgumentParser

print("pairnetctl")
