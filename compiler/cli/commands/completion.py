"""shipway completion: scripts for bash, zsh and fish that ask `shipway __complete` for what may come next."""

from __future__ import annotations

import argparse
import sys
from typing import Final

from compiler.cli.exit_status import EXIT_OK
from compiler.cli.output import next_command

BASH: Final = """\
_shipway() {
    local IFS=$'\\n'
    COMPREPLY=($(shipway __complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
    [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == */ ]] && compopt -o nospace
}
complete -o default -F _shipway shipway
"""
ZSH: Final = """\
#compdef shipway
_shipway() {
    local -a found
    found=("${(@f)$(shipway __complete "${(@)words[2,CURRENT]}" 2>/dev/null)}")
    if [[ -n $found ]]; then compadd -Q -- $found; else _files; fi
}
if [[ $funcstack[1] == _shipway ]]; then _shipway "$@"; else compdef _shipway shipway; fi
"""
FISH: Final = """\
function __shipway_complete
    set -l words (commandline -opc) (commandline -ct)
    shipway __complete $words[2..-1] 2>/dev/null
end
complete -c shipway -f -a '(__shipway_complete)'
"""
SCRIPTS: Final = {"bash": BASH, "zsh": ZSH, "fish": FISH}
SETUP_COMMANDS: Final = {"bash": "source <(shipway completion bash)", "zsh": "exec zsh", "fish": "exec fish"}


def run(args: argparse.Namespace) -> int:
    sys.stdout.write(SCRIPTS[args.shell])
    next_command(args, SETUP_COMMANDS[args.shell])
    return EXIT_OK
