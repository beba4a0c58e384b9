"""What owners have to look at: entries past their date, pages that are gone, facts that nobody confirmed."""
