// Text and pictures inside an HTML page.
#pragma once
#include <string>
#include <string_view>

namespace unet {

/// `text` as it may stand in HTML, between tags or in a quoted attribute, whatever it holds: no character of it means
/// anything to a browser. Control characters and bytes that are no UTF-8 become U+FFFD.
std::string escaped(std::string_view text);

/// `bytes` in base64, padded (RFC 4648).
std::string base64(std::string_view bytes);

}  // namespace unet
