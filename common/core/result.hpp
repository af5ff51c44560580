#pragma once
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace sluice::core {

/// What went wrong, and the one question that it answers: try again, this record's fault, or must I stop?
/// `what` says it in a sentence, `advice` says what to do about it; neither holds values of untrusted input or secrets.
struct Failure {
    enum class Kind {
        retryable,  ///< a dependency is away: wait and try again
        poison,     ///< this input is at fault: refuse or quarantine it, go on with the next
        fatal,      ///< going on would do harm: stop working, stay up, say so
    };
    Kind kind = Kind::fatal;
    std::string what;
    std::string advice;

    std::string text() const { return advice.empty() ? what : what + "; " + advice; }
    bool operator==(const Failure&) const = default;

    static Failure retryable(std::string what, std::string advice) {
        return {Kind::retryable, std::move(what), std::move(advice)};
    }
    static Failure poison(std::string what, std::string advice) {
        return {Kind::poison, std::move(what), std::move(advice)};
    }
    static Failure fatal(std::string what, std::string advice) {
        return {Kind::fatal, std::move(what), std::move(advice)};
    }
};

/// A value or the failure that stands in its place.
template <class T> class [[nodiscard]] Result {
public:
    Result(T value) : held_{std::in_place_index<0>, std::move(value)} {}
    Result(Failure failure) : held_{std::in_place_index<1>, std::move(failure)} {}

    explicit operator bool() const { return held_.index() == 0; }
    T& operator*() & { return std::get<0>(held_); }
    const T& operator*() const& { return std::get<0>(held_); }
    T&& operator*() && { return std::get<0>(std::move(held_)); }
    T* operator->() { return &std::get<0>(held_); }
    const T* operator->() const { return &std::get<0>(held_); }
    const Failure& failure() const { return std::get<1>(held_); }

private:
    std::variant<T, Failure> held_;
};

/// Nothing, or a failure.
template <> class [[nodiscard]] Result<void> {
public:
    Result() = default;
    Result(Failure failure) : failure_{std::move(failure)} {}
    explicit operator bool() const { return !failure_; }
    const Failure& failure() const { return *failure_; }

private:
    std::optional<Failure> failure_;
};

}  // namespace sluice::core
