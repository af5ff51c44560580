#include "cli/problem.hpp"

#include "cli/text.hpp"

#include <nlohmann/json.hpp>

namespace sluice::cli {
namespace {

using nlohmann::json;

std::string text_in(const json& object, const char* name) {
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? harmless(found->get<std::string>()) : "";
}

std::vector<Problem::At> errors_in(const json& problem) {
    std::vector<Problem::At> found;
    const auto errors = problem.find("errors");
    if (errors == problem.end() || !errors->is_array()) return found;
    for (const auto& error : *errors)
        if (error.is_object()) found.push_back({text_in(error, "pointer"), text_in(error, "detail")});
    return found;
}

}  // namespace

Problem read_problem(int status, const std::string& body) {
    Problem problem;
    problem.status = status, problem.body = body;
    const auto read = json::parse(body, nullptr, false);
    if (!read.is_object()) return problem;
    problem.code = text_in(read, "code"), problem.detail = text_in(read, "detail");
    problem.request = text_in(read, "id");
    problem.errors = errors_in(read);
    return problem;
}

std::string Problem::text() const {
    std::string said = detail.empty() ? "the answer is not one of Sluice; check the address" : detail;
    said += " (" + std::to_string(status) + (code.empty() ? "" : " " + code) + ")";
    for (const auto& [pointer, what] : errors) said += "\n  " + (pointer.empty() ? "(all)" : pointer) + ": " + what;
    if (status == 504 && !request.empty()) said += "\nit may still be done; ask with: sluice request get " + request;
    return said;
}

Exit Problem::exit() const {
    switch (status) {
        case 401:
        case 403:
        case 422: return Exit::refused;
        case 404: return Exit::not_found;
        case 409:
        case 412: return Exit::conflict;
        case 408:
        case 504: return Exit::late;
        default: return Exit::failure;
    }
}

}  // namespace sluice::cli
