#include "common/app/options.hpp"

#include "common/app/version.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>

namespace sluice::app {
namespace {

std::string environment_name(std::string name) {
    std::ranges::transform(name, name.begin(),
                           [](unsigned char c) { return c == '-' ? '_' : static_cast<char>(std::toupper(c)); });
    return "SLUICE_" + name;
}

}  // namespace

struct Options::Parser {
    CLI::App cli;

    template <class T> CLI::Option* add(T& into, const std::string& name, const std::string& what) {
        return cli.add_option("--" + name, into, what)->envname(environment_name(name))->capture_default_str();
    }
};

Options::Options(std::string program, std::string what) : parser_{std::make_unique<Parser>()} {
    parser_->cli.name(program);
    parser_->cli.description(what);
    parser_->cli.set_version_flag("--version", program + " " + std::string(version));
    parser_->cli.get_formatter()->column_width(44);
}
Options::~Options() = default;

void Options::text(std::string& into, const std::string& name, const std::string& what) {
    parser_->add(into, name, what);
}
void Options::required(std::string& into, const std::string& name, const std::string& what) {
    parser_->add(into, name, what)->required();
}
void Options::number(std::uint64_t& into, const std::string& name, const std::string& what, std::uint64_t low,
                     std::uint64_t high) {
    parser_->add(into, name, what)->check(CLI::Range(low, high));
}
void Options::port(std::uint16_t& into, const std::string& name, const std::string& what) {
    parser_->add(into, name, what)->check(CLI::Range(0, 65535));
}
void Options::choice(std::string& into, const std::string& name, const std::string& what,
                     std::vector<std::string> any_of) {
    parser_->add(into, name, what)->check(CLI::IsMember(std::move(any_of)));
}

std::optional<int> Options::parse(int argc, char** argv) {
    try {
        parser_->cli.parse(argc, argv);
        return std::nullopt;
    } catch (const CLI::ParseError& error) {
        return parser_->cli.exit(error) == 0 ? 0 : 2;
    }
}

}  // namespace sluice::app
