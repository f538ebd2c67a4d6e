// SPDX-License-Identifier: Apache-2.0
// A cancel that is given up (the context then lives as long as its parent) or dropped (it ends at
// once).
#include "instrument/lint/checks.h"
#include "instrument/lint/queries.h"

namespace raddle::lint {

void find_lost_cancel(const Code& code, Warnings& warnings) {
  for (const Function& function : code.functions) {
    for (const Operation& operation : function.operations) {
      if (operation.kind == Kind::kReleasesCancel) {
        Warning warning;
        warning.place = operation.range.begin;
        warning.text =
            "after release() nobody can cancel the context: what waits for it, and its "
            "timer, stay as long as its parent; keep " +
            quoted(code, operation.object) + ", its destruction cancels";
        warnings.push_back(std::move(warning));
      }
      if (operation.kind == Kind::kDropsCancel) {
        warnings.push_back({.place = operation.range.begin,
                            .text = "the cancel is destroyed here, and that ends the context at "
                                    "once; keep both: auto [context, cancel] = ..."});
      }
    }
  }
}

}  // namespace raddle::lint
