import ArgumentParser
import Yams

print("pairnetd")
