package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

// arguments takes between least and most of them; most may be -1 for no bound.
func arguments(least, most int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		n, use := len(args), cmd.UseLine()
		switch {
		case n < least:
			return fmt.Errorf("too little is given: write %s", use)
		case most >= 0 && n > most:
			return fmt.Errorf("%q is too much: write %s; what holds blanks goes between quotes", args[most], use)
		}
		return nil
	}
}
