"""The only user of Git: reads trees and history, writes commits, pushes."""
