#pragma once
#include "common/core/result.hpp"

#include <unistd.h>

#include <cstring>
#include <string>
#include <utility>

namespace sluice::artifacts {

/// An open file, closed at the end of its life.
class Descriptor {
public:
    explicit Descriptor(int number) : number_{number} {}
    Descriptor(Descriptor&& other) noexcept : number_{std::exchange(other.number_, -1)} {}
    Descriptor& operator=(Descriptor&&) = delete;
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    explicit operator bool() const { return number_ >= 0; }
    int number() const { return number_; }

private:
    int number_;
};

inline core::Failure disk_failure(const std::string& what, int error) {
    return core::Failure::retryable(what + ": " + std::strerror(error),
                                    "check the artifact folder: free space, permissions, the disk itself");
}

}  // namespace sluice::artifacts
