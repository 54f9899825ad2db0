lint:
	swift format lint --strict --recursive Package.swift Sources Tests migrations
.PHONY: lint
