# make demo    the main job on drawn digits: builds, starts a private daemon, trains a small grid, prints the table
# make test    everything that CI runs: build, format, tests, checks of the kernel binaries
# make bench   ratios measured side by side: to the machine's FMA peak, to PyTorch and to JAX (docs/performance.md)
# make build   release binaries in .build/release
# make install PREFIX=/usr/local  binaries, configuration and units

SWIFT ?= swift
PREFIX ?= /usr/local
RELEASE = $(SWIFT) build -c release

.PHONY: build demo test bench format lint packages install help

help:
	@sed -n 's/^# //p' Makefile

packages:
	@scripts/install-packages

build: packages
	$(RELEASE) --product pairnetd
	$(RELEASE) --product pairnetctl

demo: build
	@demo/demo.sh .build/release

test: packages
	$(SWIFT) build --build-tests
	$(MAKE) --no-print-directory lint
	scripts/check-kernels .build/debug
	$(SWIFT) test --skip-build

lint:
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests bench migrations

format:
	$(SWIFT) format --in-place --recursive Package.swift Sources Tests bench migrations

bench: packages
	bench/run

install: build
	install -D -m 0755 .build/release/pairnetd $(DESTDIR)$(PREFIX)/sbin/pairnetd
	install -D -m 0755 .build/release/pairnetctl $(DESTDIR)$(PREFIX)/bin/pairnetctl
	test -e $(DESTDIR)/etc/pairnet/pairnetd.yaml || \
	  install -D -m 0644 etc/pairnet/pairnetd.yaml $(DESTDIR)/etc/pairnet/pairnetd.yaml
	install -D -m 0644 systemd/pairnetd.service $(DESTDIR)/etc/systemd/system/pairnetd.service
	sed -i 's|/usr/sbin/pairnetd|$(PREFIX)/sbin/pairnetd|' $(DESTDIR)/etc/systemd/system/pairnetd.service
	install -D -m 0644 systemd/pairnetd.socket $(DESTDIR)/etc/systemd/system/pairnetd.socket
	install -D -m 0644 systemd/sysusers.d/pairnet.conf $(DESTDIR)/etc/sysusers.d/pairnet.conf
	install -D -m 0644 systemd/tmpfiles.d/pairnet.conf $(DESTDIR)/etc/tmpfiles.d/pairnet.conf
