// "Did you mean".
#pragma once
#include <string>
#include <vector>

namespace unet {

/// The one of `names` that is fewest insertions, deletions, exchanges and swaps of neighbours away from `wrong`; empty
/// when none is near (a third of its length, at least 2).
std::string nearest_name(const std::string &wrong, const std::vector<std::string> &names);

}  // namespace unet
