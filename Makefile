# The commands of a day's work; each is a script in tools/.

.PHONY: help demo test benchmark soak format clean

help:
	@echo "make demo       set up, certify an example and check its certificate"
	@echo "make test       set up, then everything that a change must pass"
	@echo "make benchmark  decide the instances of INDEX=file.csv and compare the verdicts"
	@echo "make soak       the long test suites"
	@echo "make format     format all Swift sources in place"
	@echo "make clean      remove what was built"

demo:
	tools/setup
	tools/demo

test:
	tools/setup
	tools/check

benchmark:
	@test -n "$(INDEX)" || { echo "usage: make benchmark INDEX=file.csv" >&2; exit 64; }
	tools/setup
	swift build -c release
	python3 tools/benchmark --index "$(INDEX)" --confirm --output results.csv

soak:
	tools/setup
	tools/soak

format:
	tools/format

clean:
	swift package clean
