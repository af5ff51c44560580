#include "common/http/message.hpp"

#include "common/http/client.hpp"

namespace sluice::http {
namespace {

template <class Pairs> std::optional<std::string_view> first_named(const Pairs& pairs, std::string_view wanted) {
    for (const auto& [name, value] : pairs)
        if (name == wanted) return value;
    return {};
}

}  // namespace

std::optional<std::string_view> Request::header(std::string_view name) const { return first_named(headers, name); }
std::optional<std::string_view> Request::parameter(std::string_view name) const { return first_named(query, name); }
std::optional<std::string_view> ClientResponse::header(std::string_view name) const {
    return first_named(headers, name);
}

}  // namespace sluice::http
