// Hashes of what is too long to be compared.
#pragma once
#include <cstddef>
#include <memory>
#include <string>

namespace unet {

/// XXH3-128 of the bytes added so far, in hexadecimal. No defence against forgery.
class Hash {
public:
    Hash();
    ~Hash();
    void add(const void *bytes, size_t count);
    std::string text() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace unet
