#!/bin/sh
# Makes the targets (arguments), one after the other, and says of each how it ended and how long it took.
# Ends with 0 when all of them did.
failed=0
summary=
for target; do
  started=$(date +%s)
  if make "$target"; then verdict=done; else verdict=FAILED failed=1; fi
  summary="$summary
make $target: $verdict after $(($(date +%s) - started)) s"
done
echo "$summary"
exit "$failed"
