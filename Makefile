# make demo    the main job on drawn digits: builds, starts a private daemon, trains a small grid, prints the table
# make test    everything that CI runs: build, format, tests, checks of the kernel binaries
# make torture the fault suite, large: kills, failing disks, full disks, power cuts (docs/durability.md)
# make fuzz    damaged requests, queries, configurations, command lines, IDX files and checkpoints; CASES=50000
# make check-api  requests right and wrong, made from the API's document by schemathesis (PyPI); EXAMPLES=15
# make bench   ratios measured side by side: to the machine's FMA peak, to PyTorch and to JAX (docs/performance.md)
# make build   release binaries in .build/release
# make manual  the release binaries, and in .build/manual their manual pages and completions, made of their own help
# make install PREFIX=/usr/local  what `make manual` has built, with the configuration and the units; builds nothing

SWIFT ?= swift
PREFIX ?= /usr/local
RELEASE = $(SWIFT) build -c release
# Tests that start programs and wait for them: side by side they would starve each other on two cores.
WITH_DAEMONS = EndToEndTests|TortureTests|PairServerTests|PairnetctlTests

.PHONY: build manual demo test check-api torture fuzz bench format lint packages install help

help:
	@sed -n 's/^# //p' Makefile

packages:
	@scripts/install-packages

build: packages
	$(RELEASE) --product pairnetd
	$(RELEASE) --product pairnetctl

manual: build
	$(RELEASE) --product pairnet-manual
	scripts/make-manual .build/release .build/manual

demo: build
	@demo/demo.sh .build/release

test: packages
	$(SWIFT) build --build-tests
	$(MAKE) --no-print-directory lint
	scripts/check-kernels .build/debug
	$(SWIFT) test --skip-build --skip '$(WITH_DAEMONS)'
	$(SWIFT) test --skip-build --no-parallel --filter '$(WITH_DAEMONS)'

check-api: packages
	$(SWIFT) build --product pairnetd
	$(SWIFT) build --product pairnetctl
	scripts/check-api $(or $(EXAMPLES),15)

# About half an hour; TORTURE='--scenario users --seed 7' for others.
TORTURE ?= --cycles 1000 --minutes 30
torture: packages
	$(SWIFT) build --build-tests
	nice -n 15 .build/debug/pairnet-torture $(TORTURE)

# Each harness prints the seed that repeats it (PAIRNET_TEST_SEED).
FUZZ = FuzzTests|IDXFileTests/survivesDamage|CheckpointTests/fuzz
fuzz: packages
	$(SWIFT) build --build-tests
	PAIRNET_FUZZ_CASES=$(or $(CASES),50000) nice -n 15 $(SWIFT) test --skip-build --filter '$(FUZZ)'

lint:
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests bench migrations

format:
	$(SWIFT) format --in-place --recursive Package.swift Sources Tests bench migrations

bench: packages
	bench/run

# Builds nothing, because root has neither the toolchain in its path nor any business in .build.
install:
	@test -e .build/manual/pairnetctl.fish || { echo "there is nothing to install yet: run 'make manual' first" >&2; exit 1; }
	install -D -m 0755 .build/release/pairnetd $(DESTDIR)$(PREFIX)/sbin/pairnetd
	install -D -m 0755 .build/release/pairnetctl $(DESTDIR)$(PREFIX)/bin/pairnetctl
	for page in .build/manual/*.[1-8]; do \
	  install -D -m 0644 "$$page" "$(DESTDIR)$(PREFIX)/share/man/man$${page##*.}/$${page##*/}" || exit 1; done
	install -D -m 0644 .build/manual/pairnetctl.bash $(DESTDIR)$(PREFIX)/share/bash-completion/completions/pairnetctl
	install -D -m 0644 .build/manual/pairnetctl.zsh $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_pairnetctl
	install -D -m 0644 .build/manual/pairnetctl.fish $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/pairnetctl.fish
	test -e $(DESTDIR)/etc/pairnet/pairnetd.yaml || \
	  install -D -m 0644 etc/pairnet/pairnetd.yaml $(DESTDIR)/etc/pairnet/pairnetd.yaml
	install -D -m 0644 systemd/pairnetd.service $(DESTDIR)/etc/systemd/system/pairnetd.service
	sed -i 's|/usr/sbin/pairnetd|$(PREFIX)/sbin/pairnetd|' $(DESTDIR)/etc/systemd/system/pairnetd.service
	install -D -m 0644 systemd/pairnetd.socket $(DESTDIR)/etc/systemd/system/pairnetd.socket
	install -D -m 0644 systemd/sysusers.d/pairnet.conf $(DESTDIR)/etc/sysusers.d/pairnet.conf
	install -D -m 0644 systemd/tmpfiles.d/pairnet.conf $(DESTDIR)/etc/tmpfiles.d/pairnet.conf
