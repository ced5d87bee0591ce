"""What phones seal so that the server alone can open it. It knows no database, and where no key is kept."""
